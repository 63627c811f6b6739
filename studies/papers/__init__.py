"""One module per published result that the project reproduces."""
