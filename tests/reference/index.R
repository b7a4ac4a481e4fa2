# Steps of a composite index in base R, as reference numbers for Touchstone.
# Run in this folder: Rscript index.R   (writes index.json; needs only r-cran-jsonlite)
# The evidence is that of the pack `connectivity`; the tree and the scales are read from its scheme.
library(jsonlite)
options(digits = 17)

countries <- read.csv(gzfile("../../packs/connectivity/evidence/countries.csv.gz"))
scheme <- readLines("../../packs/connectivity/schemes/sustainable_connectivity.toml")

# One row for each indicator: column, group, direction, denominator.
group <- NA
tree <- list()
for (line in scheme) {
  if (grepl('^id = ', line)) group <- sub('^id = "(.*)"$', "\\1", line)
  if (grepl('^  \\{ id = ', line)) {
    id <- sub('^  \\{ id = "([a-z0-9_]+)".*$', "\\1", line)
    by <- if (grepl("denominator", line)) sub('.*denominator = "([a-z]+)".*', "\\1", line) else NA
    tree[[length(tree) + 1]] <- data.frame(
      id, group, sign = if (grepl('better = "less"', line)) -1 else 1, by)
  }
}
tree <- do.call(rbind, tree)
column <- function(name) countries[[which(tolower(names(countries)) == name)]]

values <- sapply(seq_len(nrow(tree)), function(i) {
  x <- column(tree$id[i])
  if (is.na(tree$by[i])) x else { d <- column(tree$by[i]); ifelse(d > 0, x / d, NA) }
})
colnames(values) <- tree$id

skewness <- function(x) {
  x <- x[!is.na(x)]; n <- length(x); d <- x - mean(x)
  (mean(d^3) / mean(d^2)^1.5) * sqrt(n * (n - 1)) / (n - 2)
}
kurtosis <- function(x) {
  x <- x[!is.na(x)]; n <- length(x); d <- x - mean(x)
  ((n + 1) * (mean(d^4) / mean(d^2)^2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
}
beyond <- function(x) abs(skewness(x)) > 2 && kurtosis(x) > 3.5
winsorise <- function(x) {
  times <- 0
  while (beyond(x) && times < 5) {
    if (skewness(x) > 0) { top <- which(x == max(x)); x[top] <- max(x[-top]) }
    else { bottom <- which(x == min(x)); x[bottom] <- min(x[-bottom]) }
    times <- times + 1
  }
  x
}
by_group <- function(x) {
  for (g in unique(countries$GDPpc_group)) {
    inside <- countries$GDPpc_group == g
    m <- median(x[inside], na.rm = TRUE)
    x[inside & is.na(x)] <- if (is.na(m)) median(x, na.rm = TRUE) else m
  }
  x
}
imputed <- apply(values, 2, by_group)
treated <- apply(imputed, 2, winsorise)
signed <- sweep(treated, 2, tree$sign, "*")
points <- apply(signed, 2, function(x) 100 * (x - min(x)) / (max(x) - min(x)))
scores <- apply(signed, 2, function(x) 50 + 10 * (x - mean(x)) / sd(x))
shares <- apply(signed, 2, function(x) 100 * (rank(x) - 1) / (length(x) - 1))

tops <- list(conn = c("physical", "con_econ", "political", "instit", "p2p"),
             sust = c("environ", "social", "sus_econ"))
up <- function(cells, mean_of) {
  within <- sapply(unlist(tops), function(g) apply(cells[, tree$group == g, drop = FALSE], 1, mean_of))
  colnames(within) <- unlist(tops)
  above <- sapply(tops, function(names) apply(within[, names], 1, mean_of))
  apply(above, 1, mean_of)
}
entropy <- function(cells) {
  p <- sweep(cells, 2, colSums(cells), "/")
  e <- -colSums(ifelse(p > 0, p * log(p), 0)) / log(nrow(cells))
  (1 - e) / sum(1 - e)
}
loadings <- function(cells) {
  found <- prcomp(cells, scale. = TRUE)
  v <- found$rotation[, 1]
  list(loadings = unname(if (sum(v) < 0) -v else v),
       explained = found$sdev[1]^2 / sum(found$sdev^2))
}
copeland <- function(cells, w) {
  n <- nrow(cells)
  sapply(seq_len(n), function(i) sum(sapply(seq_len(n), function(k)
    sign(round(sum(w * sign(cells[i, ] - cells[k, ])), 9)))))
}
judged <- matrix(c(1, 3, 5, 7, 1/3, 1, 2, 4, 1/5, 1/2, 1, 2, 1/7, 1/4, 1/2, 1), 4, byrow = TRUE)
decomposed <- eigen(judged)
weights <- Re(decomposed$vectors[, 1])
effective <- sapply(tree$group, function(g) {
  top <- if (g %in% tops$conn) "conn" else "sust"
  0.5 / length(tops[[top]]) / sum(tree$group == g)
})

write_json(list(
  units = countries$uCode,
  indicators = tree$id,
  skewness = unname(apply(values, 2, skewness)),
  kurtosis = unname(apply(values, 2, kurtosis)),
  winsorised = tree$id[colSums(treated != imputed) > 0],
  z = unname(scores[1, ]),
  percentile = unname(shares[1, ]),
  arithmetic = unname(up(points, mean)),
  geometric = unname(up(pmax(points, 1), function(x) exp(mean(log(x))))),
  harmonic = unname(up(pmax(points, 1), function(x) 1 / mean(1 / x))),
  copeland = copeland(points, effective),
  entropy = unname(entropy(points[, tree$group == "physical"])),
  component = loadings(points[, tree$group == "physical"]),
  pairs = list(weights = weights / sum(weights),
               ratio = (Re(decomposed$values[1]) - 4) / 3 / 0.9)
), "index.json", digits = NA, auto_unbox = TRUE)
