"""What build scripts and start scripts of apps may use."""
