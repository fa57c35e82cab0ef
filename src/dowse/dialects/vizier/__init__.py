"""Studies as Vertex and open-source Vizier describe them."""
