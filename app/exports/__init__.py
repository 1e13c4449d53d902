"""Selections as files: tables and map layers, each with sources, credits and what it is not for."""
