"""What a shared link shows in a chat: the head of its page, and its picture, drawn without a network."""
