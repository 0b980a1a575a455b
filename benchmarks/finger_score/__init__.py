"""How the final score of the fingerprint cascade is learned: prints, features, fit."""
