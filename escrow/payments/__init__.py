"""The buyer's payment and the money that goes back. Owns payments, refunds, webhooks, and the provider's statement in our books.

Believes no message: a webhook is a hint to read the object again, and only an object that matches the order moves a payment.
Never decides who gets held money (holds do). Announces payment_succeeded, payment_expired, payment_failed_try, refund_confirmed,
refund_failed and provider_event.
"""
