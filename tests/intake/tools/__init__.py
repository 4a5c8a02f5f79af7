"""Sites of other programs: one description of each, with its hard cases, and how the program builds it."""

from tests.intake.tools import eleventy, hexo, hugo, jekyll, pelican

OLD_SITES = (*hugo.SITES, *jekyll.SITES, *hexo.SITES, *pelican.SITES, *eleventy.SITES)
