"""Markets: dealers, double auctions and order books on a network."""
