"""From what people edit (`interaction-models/`) to what Amazon receives (`skill-package/`)."""
