"""Addresses of the pages of one's own shop."""

from django.urls import path, re_path

from storefront.my_shop import members, profile

app_name = "my_shop"

urlpatterns = [
    path("open/", profile.begin, name="begin"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("<slug:slug>/settings/", profile.settings, name="settings"),
    re_path(r"^(?P<slug>[-a-z0-9]+)/(?P<verb>activation|pause|resumption|return)/$", profile.move, name="move"),
    path("<slug:slug>/members/", members.member_list, name="members"),
    path("<slug:slug>/members/<slug:reference>/role/", members.role, name="member_role"),
    path("<slug:slug>/members/<slug:reference>/removal/", members.removal, name="member_removal"),
    path("<slug:slug>/invitations/<slug:reference>/withdrawal/", members.withdrawal, name="withdrawal"),
]
