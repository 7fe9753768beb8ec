"""From a file to claims, each with the sentence it comes from. No store and no index in here."""
