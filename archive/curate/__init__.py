"""Every rule for changing records."""
