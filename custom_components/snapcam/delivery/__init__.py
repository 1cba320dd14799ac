"""How pictures come over HTTP: the addresses, the trial of one, what is posted."""
