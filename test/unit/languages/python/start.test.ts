import { describe, expect, test } from "bun:test";
import { planStart } from "../../../../src/languages/python/start/start.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

/** The line; and its port, where a row is about that. */
type Expected = string | null | readonly [string, number];
type Row = [string, Record<string, string>, Expected];

const PORT8000 = "$" + "{PORT:-8000}";
const FLASK =
  'from flask import Flask\n\napp = Flask(__name__)\n\n@app.route("/")\ndef home(): return ""\n';
const FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n";
const uvicorn = (target: string, port = 8000) =>
  `uvicorn ${target} --host 0.0.0.0 --port \${PORT:-${port}}`;
const gunicorn = (target: string, port = 8000) =>
  `gunicorn --bind 0.0.0.0:\${PORT:-${port}} ${target}`;
const flask = (target: string, port = 8000) =>
  `FLASK_APP=${target} flask run --host 0.0.0.0 --port \${PORT:-${port}}`;

function check(files: Record<string, string>, expected: Expected) {
  const { start } = planStart(memoryTree(files));
  if (start === null || expected === null) expect(start).toBe(expected as null);
  else if (typeof expected === "string") expect(start.line).toBe(expected);
  else expect([start.line, start.port]).toEqual([...expected] as never);
}

const main = (body: string) => `\nif __name__ == "__main__":\n${body}`;

describe("WSGI", () => {
  test.each<Row>([
    [
      "gunicorn",
      { "requirements.txt": "Flask==3\ngunicorn", "main.py": FLASK },
      [gunicorn("main:app"), 8000],
    ],
    ["no server", { "requirements.txt": "flask", "app.py": FLASK }, flask("app:app")],
    [
      "the app's own port",
      { "requirements.txt": "flask", "app.py": `${FLASK}${main("    app.run(port=5000)")}` },
      [flask("app:app", 5000), 5000],
    ],
    [
      "a server in the file that nobody else reaches",
      {
        "requirements.txt": "flask",
        "app.py": `${FLASK}${main("    init_db()\n    app.run(debug=True)")}`,
      },
      flask("app:app"),
    ],
    [
      "a file that does more",
      {
        "requirements.txt": "flask",
        "app.py": `${FLASK}${main('    init_db()\n    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 7000)))')}`,
      },
      ["python app.py", 7000],
    ],
    [
      "a factory",
      {
        "requirements.txt": "flask\ngunicorn",
        "shop/__init__.py":
          "from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n    return app\n",
      },
      gunicorn("'shop:create_app()'"),
    ],
    [
      "a factory without a server",
      {
        "requirements.txt": "flask",
        "shop/__init__.py":
          "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n",
      },
      flask("shop:create_app"),
    ],
    [
      "a module that calls the factory",
      {
        "requirements.txt": "flask\nwaitress",
        "wsgi.py": "from shop import create_app\napplication = create_app()\n",
        "shop/__init__.py":
          "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n",
      },
      `waitress-serve --listen=0.0.0.0:${PORT8000} wsgi:application`,
    ],
    [
      "wsgi.py with the app of another module",
      {
        "requirements.txt": "flask\ngunicorn",
        "wsgi.py": "from shop.web import the_app as application\n",
        "shop/web.py": "import shop\n",
      },
      gunicorn("wsgi:application"),
    ],
    [
      "a folder src that is no package",
      {
        "requirements.txt": "flask\ngunicorn",
        "src/main.py": `from routes import x\n${FLASK}`,
        "src/routes.py": "",
      },
      `PYTHONPATH=src ${gunicorn("main:app")}`,
    ],
    [
      "a folder src that is one",
      {
        "requirements.txt": "flask\ngunicorn",
        "src/main.py": `from src.routes import x\n${FLASK}`,
        "src/routes.py": "",
        "src/__init__.py": "",
      },
      gunicorn("src.main:app"),
    ],
    [
      "a comment and a docstring are no code",
      {
        "requirements.txt": "flask\ngunicorn",
        "main.py": `"""\napp2 = Flask()\n"""\n# old = Flask(__name__)\n${FLASK}`,
      },
      gunicorn("main:app"),
    ],
    [
      "Dash",
      {
        "requirements.txt": "dash\ngunicorn",
        "app.py": "from dash import Dash, html\napp = Dash(__name__)\nserver = app.server\n",
      },
      [gunicorn("app:server", 8050), 8050],
    ],
    [
      "Bottle",
      { "requirements.txt": "bottle", "app.py": "import bottle\napp = bottle.Bottle()\n" },
      "python -m bottle --bind 0.0.0.0:$" + "{PORT:-8080} app:app",
    ],
    [
      "a name that is no module's",
      { "requirements.txt": "flask\ngunicorn", "my app.py": `${FLASK}app.run()` },
      "python 'my app.py'",
    ],
  ])("%s", (_, files, expected) => check(files, expected));
});

describe("ASGI", () => {
  test.each<Row>([
    [
      "uvicorn",
      { "requirements.txt": "fastapi\nuvicorn[standard]", "main.py": FASTAPI },
      uvicorn("main:app"),
    ],
    [
      "by an extra",
      { "requirements.txt": "fastapi[standard]", "main.py": FASTAPI },
      uvicorn("main:app"),
    ],
    [
      "by a lock",
      {
        "pyproject.toml": '[project]\nname="x"\ndependencies=["fastapi"]\n',
        "pdm.lock": '[[package]]\nname = "uvicorn"\ngroups = ["default"]\n',
        "main.py": FASTAPI,
      },
      uvicorn("main:app"),
    ],
    [
      "a package",
      {
        "requirements.txt": "fastapi\nuvicorn",
        "app/__init__.py": "",
        "app/main.py": `from .db import x\n${FASTAPI}`,
        "app/db.py": "",
      },
      uvicorn("app.main:app"),
    ],
    [
      "a package without __init__",
      {
        "requirements.txt": "fastapi\nuvicorn",
        "app/main.py": `from app.db import x\n${FASTAPI}`,
        "app/db.py": "",
      },
      uvicorn("app.main:app"),
    ],
    [
      "a package in src",
      {
        "requirements.txt": "fastapi\nuvicorn",
        "src/shop/__init__.py": "",
        "src/shop/main.py": `from shop.db import x\n${FASTAPI}`,
        "src/shop/db.py": "",
      },
      `PYTHONPATH=src ${uvicorn("shop.main:app")}`,
    ],
    [
      "a server that the file starts",
      {
        "requirements.txt": "fastapi\nuvicorn",
        "main.py": `import uvicorn\n${FASTAPI}${main('    uvicorn.run("main:app", host="0.0.0.0", port=5000, reload=True)')}`,
      },
      uvicorn("main:app", 5000),
    ],
    [
      "another file that starts it",
      {
        "requirements.txt": "fastapi\nuvicorn",
        "run.py": `import uvicorn\n${main('    uvicorn.run("web.api:api", host="127.0.0.1", port=9000)')}`,
        "web/api.py": "from fastapi import FastAPI\napi = FastAPI(title='x')\n",
      },
      uvicorn("web.api:api", 9000),
    ],
    [
      "a factory",
      {
        "requirements.txt": "fastapi\nuvicorn",
        "main.py":
          "from fastapi import FastAPI\ndef create_app() -> FastAPI:\n    return FastAPI()\n",
      },
      "uvicorn --factory main:create_app --host 0.0.0.0 --port $" + "{PORT:-8000}",
    ],
    [
      "FastHTML",
      {
        "requirements.txt": "python-fasthtml",
        "main.py": "from fasthtml.common import *\napp, rt = fast_app()\nserve()\n",
      },
      uvicorn("main:app"),
    ],
    [
      "Starlette",
      {
        "requirements.txt": "starlette\nhypercorn",
        "app.py":
          "from starlette.applications import Starlette\napp: Starlette = Starlette(routes=[])\n",
      },
      `hypercorn --bind 0.0.0.0:${PORT8000} app:app`,
    ],
    [
      "Quart",
      { "requirements.txt": "quart", "app.py": "from quart import Quart\napp = Quart(__name__)\n" },
      `hypercorn --bind 0.0.0.0:${PORT8000} app:app`,
    ],
    [
      "Litestar",
      {
        "requirements.txt": "litestar[standard]",
        "app.py": "from litestar import Litestar, get\napp = Litestar([])\n",
      },
      uvicorn("app:app"),
    ],
    [
      "Sanic",
      { "requirements.txt": "sanic", "server.py": 'from sanic import Sanic\napp = Sanic("x")\n' },
      `sanic server:app --host 0.0.0.0 --port ${PORT8000} --single-process`,
    ],
    [
      "Socket.IO around FastAPI",
      {
        "requirements.txt": "fastapi\nuvicorn\npython-socketio",
        "main.py": `import socketio\n${FASTAPI}asgi = socketio.ASGIApp(sio, app)\n`,
      },
      uvicorn("main:asgi"),
    ],
    ["no server at all", { "requirements.txt": "fastapi", "api.py": FASTAPI }, null],
  ])("%s", (_, files, expected) => check(files, expected));
});

describe("commands that are given a file", () => {
  test.each<Row>([
    [
      "Streamlit",
      { "requirements.txt": "streamlit", "app.py": "import streamlit as st\nst.title('x')\n" },
      [
        `streamlit run app.py --server.port ${"$"}{PORT:-8501} --server.address 0.0.0.0 --server.headless true`,
        8501,
      ],
    ],
    [
      "its documented name",
      {
        "requirements.txt": "streamlit",
        "main.py": "print()",
        "streamlit_app.py": "import streamlit\n",
      },
      "streamlit run streamlit_app.py --server.port $" +
        "{PORT:-8501} --server.address 0.0.0.0 --server.headless true",
    ],
    [
      "a library beside it",
      {
        "requirements.txt": "streamlit\nfastapi\nuvicorn",
        "main.py": FASTAPI,
        "pages/one.py": "import streamlit\n",
      },
      uvicorn("main:app"),
    ],
    [
      "Gradio",
      {
        "requirements.txt": "gradio",
        "app.py":
          "import gradio as gr\nwith gr.Blocks() as demo:\n    gr.Markdown()\ndemo.launch()\n",
      },
      "GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=$" + "{PORT:-7860} python app.py",
    ],
    [
      "Chainlit",
      { "requirements.txt": "chainlit", "app.py": "import chainlit as cl\n" },
      `chainlit run app.py --host 0.0.0.0 --port ${PORT8000} --headless`,
    ],
    [
      "Panel",
      { "requirements.txt": "panel", "app.py": "import panel as pn\npn.Row().servable()\n" },
      "panel serve app.py --address 0.0.0.0 --port $" + "{PORT:-5006} --allow-websocket-origin='*'",
    ],
  ])("%s", (_, files, expected) => check(files, expected));
});

const MANAGE =
  'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\nfrom django.core.management import execute_from_command_line\n';
const SETTINGS = 'WSGI_APPLICATION = "site1.wsgi.application"\nDATABASES = {}\n';

describe("Django", () => {
  const migrate = "python manage.py migrate --noinput && exec ";
  test.each<Row>([
    [
      "gunicorn",
      {
        "requirements.txt": "django\ngunicorn",
        "manage.py": MANAGE,
        "site1/settings.py": SETTINGS,
      },
      [migrate + gunicorn("site1.wsgi:application"), 8000],
    ],
    [
      "its own server",
      { "requirements.txt": "django", "manage.py": MANAGE, "site1/settings.py": SETTINGS },
      `${migrate}python manage.py runserver 0.0.0.0:${PORT8000} --noreload`,
    ],
    [
      "no database",
      {
        "requirements.txt": "django\nuvicorn",
        "manage.py": MANAGE,
        "site1/settings.py": "",
        "site1/asgi.py": "",
      },
      uvicorn("site1.asgi:application"),
    ],
    [
      "channels",
      {
        "requirements.txt": "django\nchannels[daphne]\ngunicorn",
        "manage.py": MANAGE,
        "site1/settings.py": SETTINGS,
        "site1/asgi.py": "",
      },
      `${migrate}daphne -b 0.0.0.0 -p ${PORT8000} site1.asgi:application`,
    ],
    [
      "settings of the server's own",
      {
        "requirements.txt": "django\ngunicorn",
        "manage.py": MANAGE.replace("site1.settings", "site1.settings.local"),
        "site1/settings/base.py": "WSGI_APPLICATION = 'site1.wsgi.application'\nDATABASES = {}\n",
        "site1/settings/local.py": "from .base import *\n",
        "site1/settings/production.py":
          "from .base import *\nSTATIC_ROOT = '/x'\nKEY = os.environ['MAIL_KEY']\n",
        "site1/wsgi.py":
          'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings.production")\n',
      },
      `python manage.py collectstatic --settings site1.settings.production --noinput && python manage.py migrate --settings site1.settings.production --noinput && exec ${gunicorn("site1.wsgi:application")}`,
    ],
  ])("%s", (_, files, expected) => check(files, expected));

  test("in a folder", () => {
    const files = {
      "requirements.txt": "django\ngunicorn",
      "backend/manage.py": MANAGE,
      "backend/site1/wsgi.py": "",
    };
    expect(planStart(memoryTree(files)).start).toEqual({
      ...{ line: gunicorn("site1.wsgi:application"), port: 8000, dir: "backend" },
      from: { what: "backend/manage.py" },
    });
  });
});

describe("files and scripts", () => {
  test.each<Row>([
    ["main before app", { "main.py": "", "app.py": "" }, "python main.py"],
    [
      "a bot",
      { "requirements.txt": "discord.py", "bot.py": "import discord\nbot.run(TOKEN)\n" },
      "python bot.py",
    ],
    ["the only one", { "fetch_news.py": "print()", "setup.py": "" }, "python fetch_news.py"],
    ["one that is imported", { "shop.py": "import os\nX = 1\ndef f():\n    pass\n" }, null],
    ["one of two", { "a.py": "", "b.py": "" }, null],
    [
      "the only one that is run, and its old name beside it",
      {
        "Watch.py": `import os\n${main("    main()")}`,
        "Old.py": `from Watch import main\n${main("    main()")}`,
        "models.py": "X = 1\n",
      },
      "python Watch.py",
    ],
    [
      "one that another has as a part, which is run as well",
      {
        "scraper.py": `import database\ndef m():\n    pass\n${main("    m()")}`,
        "database.py": `def init():\n    pass\n${main("    init()")}`,
      },
      null,
    ],
    [
      "one beside a file that does its work when it is imported",
      {
        "scraper.py": "from database import init\ninit()\n",
        "database.py": `def init():\n    pass\n${main("    init()")}`,
      },
      null,
    ],
    [
      "one of two that are run",
      { "a.py": main("    f()"), "b.py": main("    g()"), "models.py": "X = 1\n" },
      null,
    ],
    [
      "one that says what it needs",
      { "a.py": "# /// script\n# dependencies = []\n# ///\n", "b.py": "" },
      "python a.py",
    ],
    ["src", { "src/main.py": "import helper\n", "src/helper.py": "" }, "python src/main.py"],
    [
      "src as a package",
      { "src/main.py": "from src.helper import x\n", "src/helper.py": "" },
      "python -m src.main",
    ],
    ["a package", { "shop/__init__.py": "", "shop/__main__.py": "" }, "python -m shop"],
    [
      "a package in src",
      { "src/shop/__init__.py": "", "src/shop/__main__.py": "" },
      "PYTHONPATH=src python -m shop",
    ],
    [
      "a program of the project",
      {
        "pyproject.toml":
          '[project]\nname="shop"\n[project.scripts]\nshop-server="shop:main"\n[build-system]\nrequires=[]\n',
      },
      "shop-server",
    ],
    [
      "the one that is called like it",
      {
        "pyproject.toml":
          '[project]\nname="shop"\n[project.scripts]\nshop="shop:main"\nother="shop:o"\n',
      },
      "shop",
    ],
    [
      "two others",
      {
        "pyproject.toml": '[project]\nname="shop"\n[project.scripts]\na="shop:main"\nb="shop:o"\n',
      },
      null,
    ],
    [
      "a project that is not installed",
      {
        "pyproject.toml":
          '[project]\nname="shop"\n[project.scripts]\na="shop:main"\n[tool.uv]\npackage=false\n',
      },
      null,
    ],
    [
      "poetry's",
      { "pyproject.toml": '[tool.poetry]\nname="shop"\n[tool.poetry.scripts]\nshop="shop:main"\n' },
      "shop",
    ],
    [
      "a program with a bad name",
      { "pyproject.toml": '[project]\nname="shop"\n[project.scripts]\n"a;b"="shop:main"\n' },
      null,
    ],
    [
      "pdm",
      {
        "main.py": "",
        "pyproject.toml": '[tool.pdm.scripts]\nstart = {cmd = ["python", "-m", "x y"]}\n',
      },
      "python -m 'x y'",
    ],
    [
      "pdm, a function",
      { "pyproject.toml": '[tool.pdm.scripts]\nstart = {call = "shop:main"}\n' },
      "python -c 'from shop import main; main()'",
    ],
    [
      "pdm, more than a function",
      {
        "main.py": "",
        "pyproject.toml": "[tool.pdm.scripts]\nstart = {call = \"shop:main('x')\"}\n",
      },
      "python main.py",
    ],
    ["Pipenv", { "main.py": "", Pipfile: '[scripts]\nstart = "gunicorn x:y"\n' }, "gunicorn x:y"],
    [
      "Celery alone",
      {
        "requirements.txt": "celery",
        "tasks.py": "from celery import Celery\napp = Celery('x')\n",
      },
      "celery --app tasks worker --loglevel INFO",
    ],
    [
      "a file that runs the package of the app",
      {
        "requirements.txt": "flask\ngunicorn",
        "shop.py": `import shopserver\n\n${main("    shopserver.main()")}`,
        "shopserver/__init__.py":
          "import os\nfrom shopserver.web import app\ndef main():\n    port = int(os.environ.get('PORT', 5000))\n    app.run(port=port)\n",
        "shopserver/web.py": FLASK,
      },
      ["python shop.py", 5000],
    ],
    [
      "one whose function is of a module below",
      {
        "requirements.txt": "flask",
        "cps.py": `import sys\nfrom shop.main import hello, main\n${main("    main()\n    print(1)")}`,
        "shop/__init__.py": FLASK,
        "shop/main.py": "def main(): pass\n",
      },
      "python cps.py",
    ],
    [
      "a file that looks after it",
      {
        "requirements.txt": "flask\ngunicorn",
        "cli.py": `from shop import main\n${main("    main()")}`,
        "tool.py": `from other import main\n${main("    main()")}`,
        "shop/__init__.py": FLASK,
      },
      gunicorn("shop:app"),
    ],
    [
      "Celery as a module of its own name",
      {
        "requirements.txt": "celery",
        "src/shop/__init__.py": "",
        "src/shop/celery.py": "from celery import Celery\napp = Celery('shop')\n",
      },
      "PYTHONPATH=src celery --app shop.celery worker --loglevel INFO",
    ],
    [
      "a package in a folder that is none",
      {
        "requirements.txt": "celery",
        "shop/manage": "",
        "shop/shop/__init__.py": "",
        "shop/shop/celery.py": "from celery import Celery\napp = Celery('shop')\n",
      },
      "PYTHONPATH=shop celery --app shop.celery worker --loglevel INFO",
    ],
    [
      "Celery beside Flask",
      {
        "requirements.txt": "flask\ncelery\ngunicorn",
        "tasks.py": "from celery import Celery\napp = Celery('x')\n",
        "app.py": FLASK,
      },
      gunicorn("app:app"),
    ],
    [
      "a port of its own",
      {
        "main.py":
          'import os\nfrom http.server import *\nHTTPServer(("", int(os.environ.get("PORT", "9000"))), H).serve_forever()\n',
      },
      ["python main.py", 9000],
    ],
    [
      "NiceGUI",
      { "requirements.txt": "nicegui", "main.py": "from nicegui import ui\nui.run()\n" },
      ["python main.py", 8080],
    ],
    [
      "Dash without a name for the Flask inside",
      {
        "requirements.txt": "dash\ngunicorn",
        "app.py": `from dash import Dash\napp = Dash(__name__)\n${main("    app.run(debug=True)")}`,
      },
      ["HOST=0.0.0.0 PORT=$" + "{PORT:-8050} python app.py", 8050],
    ],
    [
      "aiohttp",
      {
        "requirements.txt": "aiohttp",
        "main.py":
          'from aiohttp import web\napp = web.Application()\nif __name__ == "__main__":\n    web.run_app(app, port=8888)\n',
      },
      ["python main.py", 8888],
    ],
    ["nothing", { "README.md": "" }, null],
  ])("%s", (_, files, expected) => check(files, expected));

  test("nothing tells what was looked for", () => {
    expect(planStart(memoryTree({ "a.py": "", "b.py": "" })).lookedFor).toContain("manage.py");
  });

  test.each<[string, Record<string, string>, string]>([
    ["no server", { "requirements.txt": "fastapi", "api.py": FASTAPI }, "FastAPI needs a server"],
    [
      "a worker",
      {
        "requirements.txt": "flask\ncelery",
        "app.py": `${FLASK}from celery import Celery\nc = Celery()\n`,
      },
      "Celery, whose worker is not started",
    ],
    [
      "what is not done",
      {
        "requirements.txt": "flask",
        "app.py": `${FLASK}${main("    init_db()\n    app.run(debug=True)")}`,
      },
      "app.py does more",
    ],
    [
      "a server for itself",
      { "server.py": `import x\n${main('    x.serve(host="127.0.0.1")')}` },
      "only its own machine reaches",
    ],
  ])("warned: %s", (_, files, text) => {
    expect(planStart(memoryTree(files)).warnings.join("\n")).toContain(text);
  });
});

test.each([
  ["strings that never end", `app = "${"x".repeat(100_000)}`],
  ["parentheses", `app = Flask(${"(".repeat(200_000)}`],
  ["quotes", `"""${'"'.repeat(100_000)}`],
  ["imports", "from . import x\n".repeat(20_000)],
  ["spaces", `if __name__ == "__main__":\n${"    \n".repeat(50_000)}`],
  ["commas", `app${", a".repeat(100_000)} = 1`],
])("hostile text: %s", (_, text) => {
  const begin = performance.now();
  planStart(memoryTree({ "requirements.txt": "flask", "main.py": text }));
  expect(performance.now() - begin).toBeLessThan(20_000);
});
