# Forecasts by base R alone, as reference numbers for Touchstone.
# Run in this folder: Rscript forecasts.R   (writes forecasts.json; needs r-cran-jsonlite)
# Talents and labour of Shenzhen in 10,000, 1999 to 2003, as printed in a study of 2009.
talents <- c(62.06, 67.21, 71.53, 73.06, 82.20)
labour <- c(295.09, 308.54, 332.80, 359.02, 422.29)
nile <- as.numeric(Nile)          # flow of the Nile, 1871 to 1970
air <- as.numeric(window(AirPassengers, 1949, c(1951, 12)))

# GM(1,1) by the running sums.
grey <- function(x, ahead) {
  n <- length(x); s <- cumsum(x); z <- (s[-1] + s[-n]) / 2
  fit <- lm(x[-1] ~ z); a <- -coef(fit)[[2]]; b <- coef(fit)[[1]]
  sums <- function(k) (x[1] - b / a) * exp(-a * k) + b / a
  list(a = a, b = b, forecasts = sums(n - 1 + 1:ahead) - sums(n - 2 + 1:ahead))
}

# Exponential smoothing by least squares over parameters and first states together.
smooth <- function(y, method, ahead = 3) {
  run <- function(p) {
    alpha <- p[1]; beta <- if (method == "ses") 0 else p[1] * p[2]
    phi <- if (method == "damped") p[3] else 1
    k <- switch(method, ses = 1, holt = 2, damped = 3)
    level <- p[k + 1]; trend <- if (method == "ses") 0 else p[k + 2]
    e <- numeric(length(y))
    for (t in seq_along(y)) {
      said <- level + phi * trend
      e[t] <- y[t] - said
      level <- said + alpha * e[t]; trend <- phi * trend + beta * e[t]
    }
    list(sse = sum(e^2), level = level, trend = trend, alpha = alpha, beta = beta, phi = phi)
  }
  states <- if (method == "ses") mean(y[1:3]) else c(y[1], mean(diff(y[1:5])))
  low <- c(0, if (method != "ses") 0, if (method == "damped") 0.8, rep(-Inf, length(states)))
  high <- c(1, if (method != "ses") 1, if (method == "damped") 0.98, rep(Inf, length(states)))
  best <- NULL
  for (a in c(0.1, 0.4, 0.7, 0.95)) for (b in c(0.02, 0.2, 0.8)) for (f in c(0.82, 0.9, 0.97)) {
    start <- c(a, if (method != "ses") b, if (method == "damped") f, states)
    found <- optim(start, function(p) run(p)$sse, method = "L-BFGS-B", lower = low, upper = high,
                   control = list(maxit = 5000, factr = 10, parscale = pmax(abs(start), 0.1)))
    if (is.null(best) || found$value < best$value) best <- found
  }
  found <- run(best$par)
  steps <- cumsum(found$phi^(1:ahead))
  free <- length(y) - length(best$par)
  weights <- found$alpha + found$beta * steps
  variance <- found$sse / free * (1 + c(0, cumsum(weights^2)[-ahead]))
  list(sse = found$sse, forecasts = found$level + steps * found$trend, scales = sqrt(variance),
       freedom = free)
}

fit <- lm(log(talents) ~ log(labour))
ahead <- predict(fit, data.frame(labour = 450), se.fit = TRUE)
elastic <- list(elasticity = coef(fit)[[2]], ends = as.numeric(confint(fit)[2, ]),
                forecast = exp(as.numeric(predict(fit, data.frame(labour = 450),
                                                  interval = "prediction"))))

found <- list(
  grey = grey(talents, 3), elastic = elastic,
  smoothing = list(
    nile = list(values = nile, ses = smooth(nile, "ses"), holt = smooth(nile, "holt")),
    air = list(values = air, ses = smooth(air, "ses"), holt = smooth(air, "holt"),
               damped = smooth(air, "damped"))),
  # HoltWinters of base R starts the level at the first value.
  holt_winters = as.numeric(HoltWinters(Nile, gamma = FALSE, beta = FALSE)$alpha))
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = 15), "forecasts.json")
