"""The version of nua-build that made this image; kept equal to package.json by a test."""

__version__ = "0.1.0"
