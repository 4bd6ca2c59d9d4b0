"""The oracle: small factories planned a second time, from what a plant says and by trying every whole-number decision."""
