"""From what an owner edits (`store/`) to what Amazon's store receives (`skill-package/`): manifest and icons."""
