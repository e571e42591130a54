"""Hostile input for what reads other people's bytes: answers, requests, the journal."""
