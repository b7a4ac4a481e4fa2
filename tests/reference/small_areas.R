# The model of Fay and Herriot by base R alone, as reference numbers for Touchstone.
# Run in this folder: Rscript small_areas.R   (writes files/county_means.csv and small_areas.json;
# needs r-cran-jsonlite). The schools of the population are those of packs/schools.
population <- read.csv("../../packs/schools/evidence/schools.csv.gz")
sample <- read.csv("files/apistrat.csv")
county <- function(rows, column, what) tapply(rows[[column]], rows$cname, what)

if (all(c("cname", "meals", "api00") %in% names(population))) {
  names <- sort(unique(population$cname))
  n <- county(sample, "api00", length)[names]
  spread <- sqrt(mean(unlist(tapply(sample$api00, sample$cname, function(y)
    if (length(y) > 1) rep(var(y), length(y) - 1)))))
  rows <- data.frame(county = names, schools = as.integer(county(population, "api00", length)[names]),
    drawn = ifelse(is.na(n), 0L, as.integer(n)),
    mean = round(as.numeric(county(sample, "api00", mean)[names]), 4),
    # One spread within counties for all, as the own one of two schools tells nothing.
    se = round(spread / sqrt(as.numeric(n)), 4),
    meals = round(as.numeric(county(population, "meals", mean)[names]), 4),
    truth = round(as.numeric(county(population, "api00", mean)[names]), 4))
  write.csv(rows, "files/county_means.csv", row.names = FALSE, na = "", quote = FALSE)
}

fay_herriot <- function(y, D, X, Xnew) {
  deviance <- function(A) {
    V <- A + D
    S <- solve(crossprod(X / sqrt(V)))
    b <- S %*% crossprod(X, y / V)
    (length(y) - ncol(X)) * log(2 * pi) + sum(log(V)) - log(det(S)) + sum((y - X %*% b)^2 / V)
  }
  # On the logarithmic scale, then against the variance 0.
  best <- optimize(function(a) deviance(exp(a)), c(-15, 15), tol = 1e-12)
  A <- if (deviance(0) <= best$objective) 0 else exp(best$minimum)
  V <- A + D
  S <- solve(crossprod(X / sqrt(V)))
  b <- S %*% crossprod(X, y / V)
  gamma <- A / V
  leverage <- rowSums((X %*% S) * X)
  g3 <- D^2 / V^3 * 2 / sum(V^-2)
  list(variance = A, log_likelihood = -deviance(A) / 2, coefficients = as.numeric(b),
       errors = sqrt(diag(S)), gamma = gamma,
       estimates = as.numeric(gamma * y + (1 - gamma) * X %*% b),
       mse = gamma * D + (1 - gamma)^2 * leverage + 2 * g3,
       synthetic = as.numeric(Xnew %*% b), synthetic_mse = A + rowSums((Xnew %*% S) * Xnew))
}

rows <- read.csv("files/county_means.csv")
used <- !is.na(rows$mean)
X <- cbind(1, rows$meals)
found <- list(
  covariate = fay_herriot(rows$mean[used], rows$se[used]^2, X[used, ], X[!used, , drop = FALSE]),
  constant = fay_herriot(rows$mean[used], rows$se[used]^2, X[used, 1, drop = FALSE],
                         X[!used, 1, drop = FALSE]),
  at_zero = fay_herriot(rows$mean[used], 9 * rows$se[used]^2, X[used, ], X[!used, , drop = FALSE]))
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = 15), "small_areas.json")
