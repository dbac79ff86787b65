"""ask-sdk request handlers: read the request, ask the conversation, render the answer."""
