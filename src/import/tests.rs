//! Reports that went to Word and back.
