"""Pictures, pages and documents."""
