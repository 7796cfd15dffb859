"""How one record names another: small objects with just what a reader needs to know which it is."""

from typing import ClassVar

from rest_framework import serializers

from archive.models import Article, ArticleText, Country, Event, Person, Source


class SourceRef(serializers.ModelSerializer):
    class Meta:
        model = Source
        fields: ClassVar = ["slug", "name"]


class PersonRef(serializers.ModelSerializer):
    class Meta:
        model = Person
        fields: ClassVar = ["slug", "name"]


class CountryRef(serializers.ModelSerializer):
    class Meta:
        model = Country
        fields: ClassVar = ["code", "name"]


class EventRef(serializers.ModelSerializer):
    class Meta:
        model = Event
        fields: ClassVar = ["slug", "title", "type", "start", "end"]


class ArticleRef(serializers.ModelSerializer):
    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Article
        fields: ClassVar = ["id", "source", "title", "published"]


class TextRef(serializers.ModelSerializer):
    class Meta:
        model = ArticleText
        fields: ClassVar = ["id", "sha256", "length"]
