"""Loss from cycle to cycle: a growing surface layer, its area, fade of voltage, and redox of oxygen."""
