"""Virtual machines, for the resources that make, show, change and remove them."""
