"""Asyncio client for the Azure IaaS Service Management API."""
