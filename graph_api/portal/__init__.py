"""The portal: the read model of what pages show, its words in each language, and the rendering."""
