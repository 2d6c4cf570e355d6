"""Page objects: Playwright, and nothing of ours above it."""
