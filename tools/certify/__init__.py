"""Amazon's certification, as far as a laptop can hold it: every rule a row, computed from what would be submitted."""
