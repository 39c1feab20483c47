"""Console commands of the hall: serving the site, and the demo."""
