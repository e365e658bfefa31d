"""The listing editor and the shop's list of listings. Photos first; everything typed is kept, also when something is wrong."""
