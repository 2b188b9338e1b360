"""The real stack for browser and fault tests."""
