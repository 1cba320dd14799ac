"""The panel: all cameras on one wall, and their pictures to look at."""
