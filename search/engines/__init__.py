"""Search engines behind one protocol; a contract suite in the tests runs over each of them."""
