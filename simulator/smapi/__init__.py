"""A stand-in for the part of Amazon's Skill Management API that ask-cli calls."""
