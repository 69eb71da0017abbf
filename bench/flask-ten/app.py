"""A Flask app that imports each of its ten dependencies."""

import itsdangerous
import jinja2
import markupsafe
import packaging
import requests
import sqlalchemy
import werkzeug
import yaml
from flask import Flask

MODULES = (itsdangerous, jinja2, markupsafe, packaging, requests, sqlalchemy, werkzeug, yaml)

app = Flask(__name__)


@app.get("/")
def index():
    return f"Flask with {len(MODULES)} more modules\n"
