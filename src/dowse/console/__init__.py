"""The built pages of the console. Their sources lie in `web`; `make console` builds them anew."""
