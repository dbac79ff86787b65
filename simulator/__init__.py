"""An offline stand-in for the ASK simulator: it knows the skill only through JSON, and the model only as deployed."""
