"""The components of new plugin projects: their source is copied, and nobody imports them here."""
