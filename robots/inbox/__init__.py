"""The mailbox to which evidence is sent, and where what cannot be delivered comes back."""
