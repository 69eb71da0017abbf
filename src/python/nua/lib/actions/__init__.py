"""Actions for build scripts: packages, sources, files, languages."""

from .apt import (
    apt_final_clean,
    apt_remove_lists,
    apt_update,
    install_build_packages,
    install_package_list,
    install_packages,
    installed_packages,
)
from .files import (
    copy_from_package,
    jinja2_render_file,
    jinja2_render_from_str_template,
    replace_in,
    string_in,
)
from .meta_packages import install_meta_packages
from .names import camel_format, kebab_format, snake_format, to_kebab_cases, to_snake_cases
from .nodejs import install_nodejs
from .python import (
    build_python,
    check_python_version,
    install_pip_packages,
    pip_install,
    pip_install_glob,
    python_package_installed,
)
from .ruby import install_ruby
from .source import download_extract, install_git_source, install_source

__all__ = [
    "apt_final_clean",
    "apt_remove_lists",
    "apt_update",
    "build_python",
    "camel_format",
    "check_python_version",
    "copy_from_package",
    "download_extract",
    "install_build_packages",
    "install_git_source",
    "install_meta_packages",
    "install_nodejs",
    "install_package_list",
    "install_packages",
    "install_pip_packages",
    "install_ruby",
    "install_source",
    "installed_packages",
    "jinja2_render_file",
    "jinja2_render_from_str_template",
    "kebab_format",
    "pip_install",
    "pip_install_glob",
    "python_package_installed",
    "replace_in",
    "snake_format",
    "string_in",
    "to_kebab_cases",
    "to_snake_cases",
]
