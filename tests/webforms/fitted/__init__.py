"""The bench in the place of SISACT: page objects with words of ours, which a map fits to it."""
