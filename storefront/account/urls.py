"""Addresses of the pages about oneself. The allauth pages stand beside them, under the same roof."""

from django.urls import path

from storefront.account import addresses, notifications, outbox, profile, sessions, tokens

app_name = "account"

urlpatterns = [
    path("", profile.overview, name="overview"),
    path("profile/", profile.profile, name="profile"),
    path("addresses/", addresses.address_list, name="addresses"),
    path("addresses/new/", addresses.new, name="address_new"),
    path("addresses/fields/", addresses.fields, name="address_fields"),
    path("addresses/<slug:reference>/", addresses.edit, name="address"),
    path("addresses/<slug:reference>/default/", addresses.default, name="address_default"),
    path("addresses/<slug:reference>/removal/", addresses.removal, name="address_removal"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/<slug:reference>/revocation/", tokens.revocation, name="token_revocation"),
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/others/end/", sessions.end_others, name="sessions_end_others"),
    path("sessions/<int:number>/end/", sessions.end, name="session_end"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/reading/", notifications.reading, name="notifications_reading"),
    path("notifications/<slug:reference>/", notifications.follow, name="notification"),
    path("outbox/", outbox.outbox, name="outbox"),
]
