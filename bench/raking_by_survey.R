# Rakes by the R package survey.
# Rscript raking_by_survey.R rake|calibrate ROWS.csv TARGETS.csv WEIGHTS   (prints seconds)
suppressMessages(library(survey))
given <- commandArgs(TRUE)
rows <- read.csv(given[2])
targets <- read.csv(given[3])
rows[] <- lapply(rows, factor)
rows$given <- 1
design <- svydesign(ids = ~1, weights = ~given, data = rows)
names <- unique(targets$margin)
of <- function(name) targets[targets$margin == name, ]
margins <- lapply(names, function(name) {
  setNames(data.frame(factor(of(name)$category), of(name)$target), c(name, "Freq"))
})
# calibrate() takes the total, and the targets of all categories but each first one.
totals <- c("(Intercept)" = nrow(rows))
for (name in names) {
  totals <- c(totals, setNames(of(name)$target[-1], paste0(name, of(name)$category[-1])))
}
spent <- system.time(
  raked <- switch(given[1],
    rake = rake(design, lapply(names, reformulate), margins,
                control = list(maxit = 1000, epsilon = 1e-12)),
    calibrate = calibrate(design, reformulate(names), totals, calfun = "raking",
                          epsilon = 1e-10, maxit = 1000)))
writeBin(as.numeric(weights(raked)), given[4])
cat(spent[["elapsed"]], "\n")
