"""The vectorstore room: the index of abstracts, hybrid retrieval over papers, and passages inside them."""
