// The European book in C++, column blocks outermost and columns innermost, as the kernels do it.
//
// `totals_polynomial` has the same polynomials as stresstest.kernels, `totals_library` the formula in the
// functions of the C++ library, which the compiler may take from its vector library.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

struct Job {
    std::int64_t n_options, n_underlyings, n_pairs, n_expiries, n_columns, n_pillars, flat;
    // Options: row of the (underlying, expiry) pair, terms.
    const std::int64_t *pair;
    const double *sign, *strike, *log_strike, *quantity;
    // Pairs: rows, time, pillars of the surface.
    const std::int64_t *pair_underlying, *pair_expiry, *near, *far;
    const double *years, *near_scale, *far_scale, *near_years, *far_years;
    // Expiries: nodes of the curve and their weights times the time.
    const std::int64_t *low, *high;
    const double *low_weight, *high_weight;
    // Levels, columns last: spot (n_underlyings), rate (n_nodes), surface (n_pillars, 3, n_underlyings).
    const double *spot, *dividend_yield, *rate, *surface;
    double lower, upper;
    double *total;
};

static const int WIDTH = 512;

struct Polynomial {
    static inline double bits_to_double(std::int64_t bits) {
        double x;
        std::memcpy(&x, &bits, sizeof x);
        return x;
    }
    static inline std::int64_t double_to_bits(double x) {
        std::int64_t bits;
        std::memcpy(&bits, &x, sizeof bits);
        return bits;
    }
    static inline double exp(double x) {
        const double largest = 709.782712893384, below = -746.1332191019412;
        double bounded = x > largest ? largest : x;
        bounded = bounded < below ? below : bounded;
        const double shifted = std::fma(bounded, 1.4426950408889634, 6755399441055744.0);
        const double k = shifted - 6755399441055744.0;
        const double r = std::fma(-k, 2.3190468138462996e-17, std::fma(-k, 0.6931471805599453, bounded));
        const double r2 = r * r, r4 = r2 * r2;
        const double low = std::fma(std::fma(0.008333333333326082, r, 0.04166666666662382), r2,
                                    std::fma(0.1666666666666667, r, 0.5000000000000001));
        const double middle = std::fma(std::fma(2.7557255168123062e-06, r, 2.4801521055364205e-05), r2,
                                       std::fma(0.00019841269875003973, r, 0.0013888888917368964));
        const double high = std::fma(std::fma(2.5105313423078524e-08, r, 2.76202026313159e-07), r4, middle);
        const double mantissa = 1.0 + std::fma(std::fma(high, r4, low), r2, r);
        const std::int64_t exponent = double_to_bits(shifted) - 0x4338000000000000;
        const std::int64_t half = exponent >> 1;
        const double scaled = mantissa * bits_to_double((half + 1023) << 52)
                              * bits_to_double((exponent - half + 1023) << 52);
        return x > largest ? INFINITY : scaled;
    }
    static inline double log(double x) {
        const std::int64_t bits = double_to_bits(x);
        const std::int64_t exponent = (bits - 0x3FE6A09E667F3BCD) >> 52;
        const double f = bits_to_double(bits - (exponent << 52)) - 1.0;
        const double k = static_cast<double>(exponent);
        const double s = f / (2.0 + f), z = s * s, z2 = z * z, z4 = z2 * z2;
        const double low = std::fma(std::fma(0.2222222239222216, z, 0.2857142857080112), z2,
                                    std::fma(0.4000000000000088, z, 0.6666666666666666));
        const double high = std::fma(std::fma(0.13087217031578988, z, 0.13268712289333262), z2,
                                     std::fma(0.15386242164348365, z, 0.18181795590761907));
        const double square = 0.5 * f * f;
        const double rest = std::fma(s, std::fma(std::fma(high, z4, low), z, square), k * 2.3190468138462996e-17);
        return std::fma(k, 0.6931471805599453, f - (square - rest));
    }
    static inline double mills(double w) {
        const double c[17] = {
            1.9395528432174973, -1.717500137096429, 1.3425412928259828, -0.920055586727296,
            0.5461252397271218, -0.27498459437656503, 0.11304324176342818, -0.03490155879892893,
            0.006121723002093237, 0.0006746361427887478, -0.0008108715226277007, 0.0001832590123151285,
            4.1179321138672715e-05, -3.4339051744409014e-05, -1.6363441297422594e-06, 4.4438268533640095e-06,
            8.661757404713749e-07};
        const double t = std::fma(-11.0, w, 1.0), t2 = t * t;
        double even = c[16], odd = c[15];
#pragma GCC unroll 8
        for (int n = 14; n >= 0; n -= 2) even = std::fma(even, t2, c[n]);
#pragma GCC unroll 8
        for (int n = 13; n >= 1; n -= 2) odd = std::fma(odd, t2, c[n]);
        return w * std::fma(odd, t, even);
    }
    static inline double price(double sign, double forward, double strike, double moneyness, double std_dev) {
        const double divisor = std_dev < 1e-30 ? 1.0 : std_dev;
        const double d1 = std::fma(0.5, divisor, moneyness / divisor), d2 = d1 - divisor;
        const double y1 = sign * d1, y2 = sign * d2;
        const double x1 = std::fabs(y1) + 5.5, x2 = std::fabs(y2) + 5.5, w = 1.0 / (x1 * x2);
        const double ratio1 = mills(w * x2), ratio2 = mills(w * x1);
        const double sure = std::fma(-strike, y2 > 0.0 ? 1.0 : 0.0, forward * (y1 > 0.0 ? 1.0 : 0.0));
        const double ratios = (y1 > 0.0 ? ratio1 : -ratio1) - (y2 > 0.0 ? ratio2 : -ratio2);
        const double density = 0.3989422804014327 * exp(-0.5 * d1 * d1);
        const double value = sign * std::fma(-forward * density, ratios, sure);
        const double difference = sign * (forward - strike);
        const double intrinsic = difference <= 0.0 ? 0.0 : difference;
        return (std_dev < 1e-30) | (value <= intrinsic) ? intrinsic : value;
    }
};

struct Library {
    static inline double exp(double x) { return std::exp(x); }
    static inline double log(double x) { return std::log(x); }
    static inline double price(double sign, double forward, double strike, double moneyness, double std_dev) {
        const double d1 = moneyness / std_dev + 0.5 * std_dev, d2 = d1 - std_dev;
        const double root = -0.7071067811865476 * sign;
        return 0.5 * sign * (forward * std::erfc(root * d1) - strike * std::erfc(root * d2));
    }
};

template <class F>
static void totals(const Job &job) {
    const std::int64_t n = job.n_columns;
    std::vector<double> log_spot(job.n_underlyings * WIDTH), log_discount(job.n_expiries * WIDTH);
    std::vector<double> discount(job.n_expiries * WIDTH), carry(job.n_pairs * WIDTH);
    std::vector<double> log_forward(job.n_pairs * WIDTH), deviations(WIDTH);
    for (std::int64_t first = 0; first < n; first += WIDTH) {
        const int width = static_cast<int>(n - first < WIDTH ? n - first : WIDTH);
        for (std::int64_t u = 0; u < job.n_underlyings; ++u) {
            const double *__restrict spot = job.spot + u * n + first;
            double *__restrict out = &log_spot[u * WIDTH];
            for (int j = 0; j < width; ++j) out[j] = F::log(spot[j]);
        }
        for (std::int64_t e = 0; e < job.n_expiries; ++e) {
            const double *__restrict low = job.rate + job.low[e] * n + first;
            const double *__restrict high = job.rate + job.high[e] * n + first;
            double *__restrict logs = &log_discount[e * WIDTH];
            double *__restrict factors = &discount[e * WIDTH];
            for (int j = 0; j < width; ++j) {
                logs[j] = -std::fma(job.low_weight[e], low[j], job.high_weight[e] * high[j]);
                factors[j] = F::exp(logs[j]);
            }
        }
        for (std::int64_t p = 0; p < job.n_pairs; ++p) {
            const std::int64_t u = job.pair_underlying[p];
            const double years = job.years[p], dividends = job.dividend_yield[u];
            const double factor = F::exp(-dividends * years);
            const double *__restrict spot = job.spot + u * n + first;
            const double *__restrict log_s = &log_spot[u * WIDTH];
            const double *__restrict log_d = &log_discount[job.pair_expiry[p] * WIDTH];
            double *__restrict carried = &carry[p * WIDTH];
            double *__restrict forward = &log_forward[p * WIDTH];
            for (int j = 0; j < width; ++j) {
                carried[j] = spot[j] * factor;
                forward[j] = std::fma(-dividends, years, log_s[j]) - log_d[j];
            }
        }
        for (std::int64_t i = 0; i < job.n_options; ++i) {
            const std::int64_t p = job.pair[i], u = job.pair_underlying[p];
            const double *__restrict forward = &log_forward[p * WIDTH];
            const double *__restrict carried = &carry[p * WIDTH];
            const double *__restrict factors = &discount[job.pair_expiry[p] * WIDTH];
            double *__restrict deviation = deviations.data();
            const double log_strike = job.log_strike[i], strike = job.strike[i], sign = job.sign[i];
            const std::int64_t stride = job.n_underlyings * n;
            const double *near = job.surface + job.near[p] * 3 * stride + u * n + first;
            const double *far = job.surface + job.far[p] * 3 * stride + u * n + first;
            if (job.flat) {
                const double root = std::sqrt(job.years[p]);
                const double *__restrict vol = near;
                for (int j = 0; j < width; ++j) deviation[j] = vol[j] * root;
            } else {
                const double scale1 = job.near_scale[p], scale2 = job.far_scale[p];
                const double years1 = job.near_years[p], years2 = job.far_years[p];
                const double lower = job.lower, upper = job.upper;
                const double *__restrict a1 = near, *__restrict b1 = near + stride, *__restrict c1 = near + 2 * stride;
                const double *__restrict a2 = far, *__restrict b2 = far + stride, *__restrict c2 = far + 2 * stride;
                for (int j = 0; j < width; ++j) {
                    const double moneyness = log_strike - forward[j];
                    double x1 = moneyness * scale1, x2 = moneyness * scale2;
                    x1 = x1 < lower ? lower : x1;
                    x1 = x1 > upper ? upper : x1;
                    x2 = x2 < lower ? lower : x2;
                    x2 = x2 > upper ? upper : x2;
                    const double vol1 = std::fma(std::fma(c1[j], x1, b1[j]), x1, a1[j]);
                    const double vol2 = std::fma(std::fma(c2[j], x2, b2[j]), x2, a2[j]);
                    deviation[j] = std::sqrt(std::fma(years1 * vol1, vol1, years2 * vol2 * vol2));
                }
            }
            double *__restrict total = job.total + first;
            const double quantity = job.quantity[i];
            for (int j = 0; j < width; ++j) {
                const double moneyness = forward[j] - log_strike;
                total[j] += quantity * F::price(sign, carried[j], strike * factors[j], moneyness, deviation[j]);
            }
        }
    }
}

extern "C" void totals_polynomial(const Job *job) { totals<Polynomial>(*job); }
extern "C" void totals_library(const Job *job) { totals<Library>(*job); }
