"""征: questions asked, answers received, by phone or keyed from paper."""
