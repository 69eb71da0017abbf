"""The parts of Nua's agent that scripts of apps import."""
