"""Road networks as folders of tables, and readers that make them of the files other programs write."""
