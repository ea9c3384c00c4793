"""The electrode: voltage, and the current that it drives through the particle's surface."""
