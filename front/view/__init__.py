"""The page of a release: one HTML file in which a person looks at articles, labels and votes.

In: a release, or labels of its articles from elsewhere. Out: a page. Called by `allegedly view`, and by notebooks.
"""
